"""What is announced of companies, so that others' folders do what follows from it."""

from dataclasses import dataclass
from uuid import UUID

from store.announcements import Announcement


@dataclass(frozen=True, slots=True)
class CompanyRenamed(Announcement):
    """A company has another name."""

    company_id: UUID
    by: UUID


@dataclass(frozen=True, slots=True)
class CompanyGoes(Announcement):
    """A company goes, whose row is locked; whoever has something that is for it refuses."""

    company_id: UUID
