from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "taishan.reporting"
    verbose_name = "Reporting"
