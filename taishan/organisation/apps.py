from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "taishan.organisation"
    verbose_name = "Organisation"
