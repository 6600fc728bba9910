"""Every address, and what each role gets at it."""

from tests.access.account_rows import ACCOUNTS, COMING_IN
from tests.access.campaign_rows import CAMPAIGNS
from tests.access.decision_rows import APPLICATIONS, DECISIONS, STOPPING
from tests.access.duty_rows import CASES, DUTIES, INSPECTION
from tests.access.hazard_board_rows import HAZARD_BOARDS
from tests.access.hazard_rows import HAZARDS
from tests.access.incident_rows import INCIDENTS
from tests.access.inspection_rows import INSPECTIONS
from tests.access.organisation_rows import ORGANISATION
from tests.access.red_line_rows import RED_LINES
from tests.access.reporting_rows import (
    CLIENTS,
    CORRECTIONS,
    DISAGREEMENTS,
    FOLLOW_UP,
    FORMS,
    PRIVACY,
    REPORTING,
    SCHEDULES,
)
from tests.access.risk_rows import RISKS
from tests.access.situation_rows import FILES, SITUATION, SITUATION_REPORTS
from tests.access.telling_rows import CHANNELS, DIRECTIVES, MEETINGS, TELLING

TABLE = (
    *DECISIONS, *APPLICATIONS, *STOPPING, *ORGANISATION, *COMING_IN, *ACCOUNTS, *FORMS, *REPORTING,
    *CLIENTS, *FOLLOW_UP, *CORRECTIONS, *PRIVACY, *DISAGREEMENTS, *SCHEDULES, *SITUATION,
    *SITUATION_REPORTS, *FILES, *TELLING, *CHANNELS, *DIRECTIVES, *MEETINGS, *DUTIES, *INSPECTION,
    *CASES, *CAMPAIGNS, *HAZARDS, *INCIDENTS, *INSPECTIONS, *RED_LINES, *RISKS, *HAZARD_BOARDS,
)  # fmt: skip
