"""Jobs at the door: asked for with 202, looked at while they run, their file fetched at the end.

Each resource of jobs (prints, exports…) has its own addresses and scopes; its answers are these.
"""

from typing import Literal

from fastapi import Request, Response
from pydantic import Field

from api import problems
from api.downloads import FOREVER, give
from api.errors import Problem
from api.fields import Instant, Out
from api.language import Language, preferred
from api.visit import Visit, answer
from services.jobs.job import Job

SECONDS_TO_WAIT = "1"


class ProgressOut(Out):
    """How far a job is."""

    done: int = Field(description="Parts that are done.")
    total: int = Field(description="Parts in all; 0 while nobody knows.")


class FailureOut(Out):
    """Why a job failed for good."""

    code: str = Field(description="Stable name of the refusal, or `job_failed`.")
    rule: str = Field(description="The rule that refused, or empty.")
    detail: str = Field(description="What is wrong, in the language of Accept-Language.")


class JobFileOut(Out):
    """The file that a job made."""

    sha256: str = Field(description="SHA-256 of its bytes, in hex; also its ETag.")
    size: int = Field(description="Bytes.")
    media_type: str = Field(description="Its media type.")
    name: str = Field(description="The name it is downloaded under.")
    url: str = Field(description="Where it is fetched, until the job expires.")


class JobOut(Out):
    """A job: work that takes longer than a request."""

    id: str = Field(description="The job, `job_…`.")
    kind: str = Field(description="What kind of work it is.")
    status: Literal["queued", "running", "done", "failed"] = Field(description="How it stands.")
    progress: ProgressOut = Field(description="How far it is.")
    asked_at: Instant = Field(description="When it was asked for.")
    ended_at: Instant | None = Field(description="When it ended, or null.")
    expires_at: Instant | None = Field(description="When it and its file go, or null.")
    failure: FailureOut | None = Field(description="Why it failed, or null.")
    file: JobFileOut | None = Field(description="What it made, or null.")

    @classmethod
    def of(cls, job: Job, address: str, language: Language) -> "JobOut":
        """A job as it goes out; `address` is its own."""
        failure, file = job.failure, job.file
        return cls(
            id=job.job_id,
            kind=job.kind,
            status=job.state,
            progress=ProgressOut(done=job.done, total=job.total),
            asked_at=job.asked_at,
            ended_at=job.ended_at,
            expires_at=job.expires_at,
            failure=None
            if failure is None
            else FailureOut(code=failure.code, rule=failure.rule, detail=failure.words[language]),
            file=None
            if file is None
            else JobFileOut(
                sha256=file.digest,
                size=file.size,
                media_type=file.media_type,
                name=file.name,
                url=f"{address}/file",
            ),
        )


def answer_asked(
    visit: Visit, request: Request, resource: str, job: Job, *, repeated: bool
) -> Response:
    """The answer to a command that asked for a job: 202, where it is, when to look."""
    address = visit.at(resource, job.job_id)
    headers = {"Location": address, "Retry-After": SECONDS_TO_WAIT}
    if repeated:
        headers["Idempotent-Replayed"] = "true"
    return answer(JobOut.of(job, address, _language(request)), 202, headers)


def answer_job(visit: Visit, request: Request, resource: str, job_id: str, kind: str) -> Response:
    """How a job of a kind stands; raises the problem not_found."""
    job = _find(visit, job_id, kind)
    waiting = job.state in ("queued", "running")
    headers = {"Retry-After": SECONDS_TO_WAIT} if waiting else {}
    out = JobOut.of(job, visit.at(resource, job_id), _language(request))
    return answer(out, headers={**headers, "Cache-Control": "no-store"})


def answer_file(visit: Visit, request: Request, job_id: str, kind: str) -> Response:
    """The file of a job; raises the problems not_found, and job_unfinished while there is none."""
    job = _find(visit, job_id, kind)
    if job.file is None:
        raise Problem(problems.JOB_UNFINISHED, headers={"Retry-After": SECONDS_TO_WAIT})
    desk = visit.backend.desk
    return give(request, job.file, lambda first, last: desk.read(job, first, last), headers=FOREVER)


def _find(visit: Visit, job_id: str, kind: str) -> Job:
    job = visit.backend.desk.find(visit.book_id, job_id, [kind])
    if job is None:
        raise Problem(problems.NOT_FOUND)
    return job


def _language(request: Request) -> Language:
    return preferred(request.headers.get("accept-language"))
