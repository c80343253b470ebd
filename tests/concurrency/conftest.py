"""Fixtures of the races."""

from tests.helpers.warehouse_fixtures import engine_of as engine_of
from tests.helpers.warehouse_fixtures import shared_engine as shared_engine
from tests.helpers.warehouse_fixtures import warehouse as warehouse
