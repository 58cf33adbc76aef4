# Sign files with a key, and stamp the time: sign.ps1 -Key key.pfx -Files (Get-ChildItem *.exe)
# The password is read from the variable PASSWORD, so that no command line shows it.
param(
    [Parameter(Mandatory)] [string] $Key,
    [Parameter(Mandatory)] [System.IO.FileInfo[]] $Files
)
$ErrorActionPreference = "Stop"

$signtool = Get-ChildItem "${env:ProgramFiles(x86)}\Windows Kits\10\bin\*\x64\signtool.exe" |
    Sort-Object FullName | Select-Object -Last 1
$password = ConvertTo-SecureString $env:PASSWORD -AsPlainText -Force
$certificate = Import-PfxCertificate -FilePath $Key -Password $password -CertStoreLocation Cert:\CurrentUser\My
foreach ($file in $Files) {
    & $signtool.FullName sign /sha1 $certificate.Thumbprint /fd sha256 /tr http://timestamp.acs.microsoft.com /td sha256 $file.FullName
    if ($LASTEXITCODE -ne 0) { throw "not signed: $file" }
}
