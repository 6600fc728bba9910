from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "taishan.ledger"
    verbose_name = "Ledger"
