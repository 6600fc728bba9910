from django.apps import AppConfig


class ResumptionConfig(AppConfig):
    name = "taishan.resumption"
    verbose_name = "Resumption"
