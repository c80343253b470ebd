"""Flask extensions, unbound; ``create_app`` binds them."""

from __future__ import annotations

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from webapp.models.base import Base
from webapp.request_session import RequestSession

db = SQLAlchemy(model_class=Base, session_options={"class_": RequestSession, "expire_on_commit": False})
migrate = Migrate()
csrf = CSRFProtect()
