"""A register in a schema: `unpaid` live, `unpaid_next` being built, or a scratch place."""

from typing import NamedTuple

from psycopg import sql

from projections.register import Register


class Place(NamedTuple):
    """A register and the schema in which its tables stand."""

    register: Register
    schema: str

    @property
    def name(self) -> str:
        """The register's name."""
        return self.register.name

    @property
    def cursor(self) -> sql.Identifier:
        """The table of its positions."""
        return self.table(f"{self.name}_cursor")

    @property
    def about(self) -> sql.Identifier:
        """The table that says which code made it."""
        return self.table(f"{self.name}_about")

    def table(self, name: str) -> sql.Identifier:
        """One of its tables."""
        return sql.Identifier(self.schema, name)

    def beside(self, suffix: str) -> "Place":
        """The same register in another schema: `next` or `old`."""
        return Place(self.register, f"{self.name}_{suffix}")


def live(register: Register) -> Place:
    """Where readers find a register."""
    return Place(register, register.name)
