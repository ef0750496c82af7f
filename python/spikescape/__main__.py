import os
import subprocess
import sys

from spikescape import program

if __name__ == "__main__":
    command = [program(), *sys.argv[1:]]
    if os.name == "posix":
        # signals reach the program itself
        os.execv(command[0], command)
    sys.exit(subprocess.run(command).returncode)
