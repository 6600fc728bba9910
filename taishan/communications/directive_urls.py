from django.urls import path

from taishan.communications import cascade_views, directive_views, draft_views

app_name = "directives"
_PART = "measures/<int:pk>/<str:kind>/<str:code>/"
urlpatterns = [
    path("", directive_views.directives_, name="directives"),
    path("drafts/", draft_views.drafts, name="drafts"),
    path("<int:pk>/", directive_views.directive, name="directive"),
    path("<int:pk>/draft/", draft_views.draft, name="draft"),
    path("<int:pk>/draft/files/", draft_views.files, name="draft_files"),
    path("<int:pk>/draft/end/", draft_views.end, name="draft_end"),
    path("<int:pk>/issue/", draft_views.issue, name="issue"),
    path("<int:pk>/version/", draft_views.version, name="version"),
    path("<int:pk>/recall/", directive_views.recall, name="recall"),
    path("<int:pk>/acknowledgement/", directive_views.acknowledgement, name="acknowledgement"),
    path("<int:pk>/signature/", directive_views.signature, name="signature"),
    path("<int:pk>/reminders/", directive_views.reminders, name="reminders"),
    path("<int:pk>/files/<int:file>/", directive_views.file, name="file"),
    path("measures/<int:pk>/", cascade_views.cascade, name="cascade"),
    path(_PART, cascade_views.part, name="part"),
    path(f"{_PART}parts/", cascade_views.parts, name="parts"),
    path(f"{_PART}confirmations/", cascade_views.confirmations, name="confirmations"),
    path(f"{_PART}waiver/", cascade_views.waiver, name="waiver"),
    path("confirmations/<int:pk>/answer/", cascade_views.answer, name="answer"),
    path("confirmations/<int:pk>/files/<int:file>/", cascade_views.file, name="evidence"),
]
