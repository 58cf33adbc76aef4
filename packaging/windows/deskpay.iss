; The Windows installer: one file, per machine, silent when asked.
;
;   ISCC /DVersion=1.2.3 /DSource=build\frozen\deskpay /DOutput=dist packaging\windows\deskpay.iss
;
; Silent:    deskpay-1.2.3-windows-x64.exe /VERYSILENT /SUPPRESSMSGBOXES /NORESTART /LOG=C:\log.txt
; Set up:    /Policy=FILE    becomes %ProgramData%\DeskPay\policy.toml, what nobody at a desk may change
; Remove:    "%ProgramFiles%\DeskPay\unins000.exe" /VERYSILENT; the journals stay
;            /Journals=delete  takes every user's journals too
; Detect:    HKLM\Software\DeskPay, value Version

#ifndef Version
  #error Version is missing
#endif
#ifndef Source
  #error Source is missing
#endif
#ifndef Output
  #error Output is missing
#endif

[Setup]
AppId={{6B8E1E9B-6F0B-4B3F-9C55-0B6C2A7D4E11}
AppName=DeskPay
AppVersion={#Version}
AppVerName=DeskPay {#Version}
AppPublisher=The DeskPay project
AppPublisherURL=https://deskpay.app
VersionInfoVersion={#Version}
VersionInfoDescription=DeskPay Setup
VersionInfoProductName=DeskPay
VersionInfoCopyright=The DeskPay project, Apache-2.0
DefaultDirName={autopf}\DeskPay
DisableDirPage=yes
DisableProgramGroupPage=yes
PrivilegesRequired=admin
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
; An open desk is asked to end; it waits for the answer to what it sent, within its bound.
CloseApplications=yes
RestartApplications=no
SetupLogging=yes
UninstallLogging=yes
UninstallDisplayName=DeskPay
UninstallDisplayIcon={app}\deskpay.exe
OutputDir={#Output}
OutputBaseFilename=deskpay-{#Version}-windows-x64
Compression=lzma2/max
SolidCompression=yes
LZMAUseSeparateProcess=yes
WizardStyle=modern
#ifdef Icon
SetupIconFile={#Icon}
#endif
#ifdef SignTool
; Every program in the folder is signed before; this signs setup and uninstaller.
SignTool={#SignTool}
SignedUninstaller=yes
#endif

[InstallDelete]
; An upgrade leaves nothing of the older program.
Type: filesandordirs; Name: "{app}\_internal"

[Dirs]
Name: "{commonappdata}\DeskPay"; Flags: uninsneveruninstall

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{commonprograms}\DeskPay"; Filename: "{app}\deskpay.exe"
Name: "{commonprograms}\DeskPay training"; Filename: "{app}\deskpay.exe"; Parameters: "demo"

[Registry]
Root: HKLM; Subkey: "Software\DeskPay"; ValueType: string; ValueName: "Version"; ValueData: "{#Version}"; Flags: uninsdeletekey
Root: HKLM; Subkey: "Software\DeskPay"; ValueType: string; ValueName: "Folder"; ValueData: "{app}"
; No dump of the process is kept by Windows: it could hold what a guest said.
Root: HKLM; Subkey: "Software\Microsoft\Windows\Windows Error Reporting\ExcludedApplications"; ValueType: dword; ValueName: "deskpay.exe"; ValueData: "1"; Flags: uninsdeletevalue

[Run]
; Any user may make files in ProgramData; a policy that a clerk can write is none.
Filename: "{sys}\icacls.exe"; Parameters: """{commonappdata}\DeskPay"" /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX"; Flags: runhidden; StatusMsg: "Protecting the policy..."

[Code]
function Given(Name: String): String;
begin
  Result := ExpandConstant('{param:' + Name + '|}');
end;

{ A wrong switch ends the setup before anything is changed: exit code 7. }
function PrepareToInstall(var NeedsRestart: Boolean): String;
begin
  Result := '';
  if (Given('Policy') <> '') and not FileExists(Given('Policy')) then
    Result := 'The file named with /Policy is not there: ' + Given('Policy');
end;

procedure CurStepChanged(Step: TSetupStep);
begin
  if (Step = ssPostInstall) and (Given('Policy') <> '') then
    if not FileCopy(Given('Policy'), ExpandConstant('{commonappdata}\DeskPay\policy.toml'), False) then
      RaiseException('The policy could not be copied');
end;

{ The journals are the hotel's books: they go only when that is said. }
procedure DeleteJournals();
var
  Users: String;
  Found: TFindRec;
begin
  Users := ExpandConstant('{sd}\Users\');
  if FindFirst(Users + '*', Found) then
  try
    repeat
      if (Found.Attributes and FILE_ATTRIBUTE_DIRECTORY <> 0) and (Found.Name <> '.') and (Found.Name <> '..') then
        DelTree(Users + Found.Name + '\AppData\Local\DeskPay', True, True, True);
    until not FindNext(Found);
  finally
    FindClose(Found);
  end;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
begin
  if (Step = usPostUninstall) and (CompareText(Given('Journals'), 'delete') = 0) then
    DeleteJournals();
end;
