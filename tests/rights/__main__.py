"""Write the matrix anew."""

import subprocess
import sys

if __name__ == "__main__":
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/rights", "--write-rights"]
    sys.exit(subprocess.call(command))
