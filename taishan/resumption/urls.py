from django.urls import path

from taishan.resumption import (
    application_views,
    attestation_views,
    board_views,
    decision_views,
    library_views,
    views,
)

app_name = "resumption"
urlpatterns = [
    path("board/", board_views.board, name="board"),
    path("board/trend/", board_views.trend, name="trend"),
    path("board.xlsx", board_views.board_file, name="board_file"),
    path("units/<str:code>/", views.unit_page, name="unit"),
    path("units/<str:code>/verdicts/", views.verdicts, name="verdicts"),
    path("units/<str:code>/attestations/", attestation_views.attestations, name="attestations"),
    path(
        "units/<str:code>/attestations/<int:pk>/file/",
        attestation_views.evidence_file,
        name="evidence_file",
    ),
    path(
        "units/<str:code>/attestations/<int:pk>/refutation/",
        attestation_views.refutation,
        name="refutation",
    ),
    path("units/<str:code>/applications/", application_views.drafts, name="application_drafts"),
    path("applications/", application_views.listed, name="applications"),
    path("applications/rule/", application_views.rule, name="approval_rule"),
    path("applications/<int:pk>/", application_views.application, name="application"),
    path("applications/<int:pk>/plan/", application_views.plan, name="application_plan"),
    path(
        "applications/<int:pk>/submission/",
        decision_views.submission,
        name="application_submission",
    ),
    *(
        path(
            f"applications/<int:pk>/{act}/",
            decision_views.decision,
            {"act": act},
            name=f"application_{act}",
        )
        for act in decision_views.DECISIONS
    ),
    *(
        path(
            f"applications/<int:pk>/{act}/",
            decision_views.again,
            {"act": act},
            name=f"application_{act}",
        )
        for act in decision_views.AGAIN
    ),
    path("applications/<int:pk>/files/", decision_views.files, name="application_files"),
    path("applications/<int:pk>/files/<int:file>/", decision_views.file, name="application_file"),
    path("applications/<int:pk>/local/", decision_views.local, name="application_local"),
    path(
        "applications/<int:pk>/local/<int:decision>/file/",
        decision_views.local_file,
        name="application_local_file",
    ),
    path("regulations/libraries/", library_views.libraries, name="libraries"),
    path("regulations/libraries/<str:token>/", library_views.trial, name="library"),
    path(
        "regulations/libraries/<str:token>/confirmation/",
        library_views.confirmation,
        name="library_confirmation",
    ),
]
