"""The dotted names that end jobs are proved at start-up."""

from inflio.generation.checks import check_job_callbacks


def test_check_job_callbacks_accepts_those_of_the_settings():
    assert check_job_callbacks(None) == []


def test_check_job_callbacks_names_the_missing_one(settings):
    settings.JOB_CALLBACKS = ("personas.tasks.gone", "nowhere.at_all", "personas.tasks.analysis_ended")
    assert [error.msg.split("'")[1] for error in check_job_callbacks(None)] == ["personas.tasks.gone", "nowhere.at_all"]


def test_check_job_callbacks_names_a_missing_guard(settings):
    settings.JOB_GUARDS = ("personas.tasks.nobody",)
    assert [error.msg for error in check_job_callbacks(None)] == [
        "JOB_GUARDS: 'personas.tasks.nobody' is not a function of ours"
    ]
