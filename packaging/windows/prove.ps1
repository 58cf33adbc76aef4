# Try the installer in dist on this machine, which must have no DeskPay: installed silently with a policy,
# run, installed once more over itself, removed with the journals kept, removed with the journals deleted.
$ErrorActionPreference = "Stop"

function Require([bool] $held, [string] $otherwise) { if (-not $held) { throw $otherwise } }

function Invoke-Quietly([string] $program, [string[]] $words) {
    $done = Start-Process -FilePath $program -ArgumentList $words -Wait -PassThru
    Require ($done.ExitCode -eq 0) "$program ended with $($done.ExitCode)"
}

$setup = (Get-ChildItem dist\*-windows-x64*.exe | Select-Object -First 1).FullName
$quiet = @("/VERYSILENT", "/SUPPRESSMSGBOXES", "/NORESTART")
$folder = "$env:ProgramFiles\DeskPay"
$machine = "$env:ProgramData\DeskPay"
$policy = Join-Path $env:RUNNER_TEMP "policy.toml"
Set-Content -Path $policy -Value @('version = 1', '[settings]', 'appearance = "dark"') -Encoding utf8NoBOM

$wrong = Start-Process -FilePath $setup -ArgumentList ($quiet + "/Policy=C:\nothing\here.toml") -Wait -PassThru
Require ($wrong.ExitCode -ne 0) "a policy that is not there was passed over"
Require (-not (Test-Path "$folder\deskpay.exe")) "it was installed all the same"

Invoke-Quietly $setup ($quiet + "/Policy=`"$policy`"")
$version = (Get-ItemProperty HKLM:\Software\DeskPay).Version
Require ((Get-Content "$machine\policy.toml") -match "dark") "the policy did not arrive"
$users = (Get-Acl $machine).Access | Where-Object { $_.IdentityReference -match "Users" }
Require (-not ($users.FileSystemRights -match "Write|Modify|FullControl")) "users may write the policy"
Write-Output "installed $version silently, with a policy that users cannot write"

$doctor = & "$folder\deskpay-cli.exe" doctor --training --json | ConvertFrom-Json
Require $doctor.ok "the doctor is not content: $($doctor | ConvertTo-Json -Depth 5)"
python packaging\smoke.py "$folder\deskpay-cli.exe"
Require ($LASTEXITCODE -eq 0) "the installed program does not stand its trial"

$records = "$env:LOCALAPPDATA\DeskPay"
New-Item -ItemType Directory -Force $records | Out-Null
Set-Content "$records\kept.txt" "a journal"
Invoke-Quietly $setup $quiet
Require (Test-Path "$records\kept.txt") "the upgrade took the journals"
Invoke-Quietly "$folder\unins000.exe" $quiet
Require (-not (Test-Path "$folder\deskpay.exe")) "the program was left"
Require (-not (Test-Path HKLM:\Software\DeskPay)) "the registry's key was left"
Require (Test-Path "$records\kept.txt") "the removal took the journals"
Invoke-Quietly $setup $quiet
Invoke-Quietly "$folder\unins000.exe" ($quiet + "/Journals=delete")
Require (-not (Test-Path $records)) "the journals were to go and stayed"
Write-Output "upgraded and removed; the journals stayed until it was said that they go"
