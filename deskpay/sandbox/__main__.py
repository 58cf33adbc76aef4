"""``python -m deskpay.sandbox``: the sandbox alone."""

import sys

from deskpay.sandbox.serve import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
