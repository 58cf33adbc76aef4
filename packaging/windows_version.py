"""What Windows shows in a program's properties, as PyInstaller reads it."""

from __future__ import annotations

from release import Release

TEMPLATE = """\
VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0
  ),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "The DeskPay project"),
      StringStruct("FileDescription", "DeskPay"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "{name}"),
      StringStruct("LegalCopyright", "The DeskPay project, Apache-2.0"),
      StringStruct("OriginalFilename", "{name}.exe"),
      StringStruct("ProductName", "DeskPay"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [1033, 1200])]),
  ],
)
"""


def version_text(made: Release) -> str:
    """Return the file that PyInstaller reads; Windows wants four numbers."""
    numbers = tuple([*map(int, made.version.split(".")), 0, 0, 0, 0][:4])
    return TEMPLATE.format(numbers=numbers, version=made.version, name=made.name)
