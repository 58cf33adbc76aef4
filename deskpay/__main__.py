"""`python -m deskpay`."""

import sys

from deskpay.app.cli import main

sys.exit(main(sys.argv[1:]))
