#!/bin/sh
# Sign, notarise and pack DeskPay.app: packaging/macos/sign.sh VERSION, after the freeze, on macOS.
#
#   DESKPAY_CODESIGN_IDENTITY  the "Developer ID Application" identity; the freeze has signed every program with it
#   DESKPAY_NOTARY_PROFILE     a keychain profile made by `xcrun notarytool store-credentials`
#
# Without them the dmg is made unsigned, and says so by its name.
set -eu

version=$1
app=build/frozen/DeskPay.app
arch=$(uname -m)
suffix=
mkdir -p dist

if [ -n "${DESKPAY_CODESIGN_IDENTITY:-}" ]; then
    codesign --verify --strict --deep --verbose=2 "$app"
    ditto -c -k --keepParent "$app" build/notarise.zip
    xcrun notarytool submit build/notarise.zip --keychain-profile "$DESKPAY_NOTARY_PROFILE" --wait
    xcrun stapler staple "$app"
    spctl --assess --type execute --verbose "$app"
else
    echo "No signing identity: the app is signed ad hoc and not notarised. Gatekeeper will refuse it elsewhere."
    suffix=-unsigned
fi

stage=$(mktemp -d)
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
image="dist/deskpay-$version-macos-$arch$suffix.dmg"
hdiutil create -volname "DeskPay $version" -srcfolder "$stage" -fs HFS+ -format ULFO -ov "$image"
rm -r "$stage"

if [ -n "${DESKPAY_CODESIGN_IDENTITY:-}" ]; then
    codesign --sign "$DESKPAY_CODESIGN_IDENTITY" --timestamp "$image"
    xcrun notarytool submit "$image" --keychain-profile "$DESKPAY_NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi

# The program in the mounted image is what people get, so it is the one that is proven.
mount=$(mktemp -d)
hdiutil attach "$image" -mountpoint "$mount" -nobrowse -readonly
python packaging/smoke.py "$mount/DeskPay.app/Contents/MacOS/deskpay"
hdiutil detach "$mount"
