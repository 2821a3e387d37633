@rem The scripts `start` and `serve` begin with `exec`, so that a POSIX shell hands signals to the program itself; cmd.exe has no such command.
@%*
