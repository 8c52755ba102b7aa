"""`python -m lofte_verify`."""

import sys

from lofte_verify import main

sys.exit(main())
