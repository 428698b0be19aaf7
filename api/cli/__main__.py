"""The command `paraphe`: finds a command by name and imports only what that command needs."""

from api.cli.root import main

if __name__ == "__main__":
    main()
