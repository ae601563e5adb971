"""Commands of the forecaster: fetch AnnoMI, train, evaluate, plan."""

import sys

from forecaster.commands import main

if __name__ == "__main__":
    sys.exit(main())
