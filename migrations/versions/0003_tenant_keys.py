"""Rows that hang on another row name its organisation too, and roles and organisations are what they can be."""

from alembic import op

revision = "0003"
down_revision = "0002"

ROLES = "role in ('station','head','destination','employer','coordinator','worker','operator','auditor')"
#: child table -> (parent, tenant column, key column, former single-column keys: name -> (column, parent, on delete))
CHILDREN = {
    "list_rows": ("lists", "organisation_id", "list_id", {"list_id": ("lists", "CASCADE")}),
    "list_problems": ("lists", "organisation_id", "list_id", {"list_id": ("lists", "CASCADE")}),
    "vacancy_contacts": (
        "vacancies",
        "poster_id",
        "vacancy_id",
        {"vacancy_id": ("vacancies", "CASCADE"), "poster_id": ("organisations", None)},
    ),
}
TENANTS = {"lists": "organisation_id", "vacancies": "poster_id"}


def upgrade() -> None:
    op.create_check_constraint(op.f("ck_tokens_role"), "tokens", ROLES)
    op.drop_constraint("uq_organisations_kind_division_code_name", "organisations", type_="unique")
    op.create_unique_constraint(
        "uq_organisations_kind_division_code_name",
        "organisations",
        ["kind", "division_code", "name"],
        postgresql_nulls_not_distinct=True,
    )
    for table, tenant in TENANTS.items():
        op.create_unique_constraint(f"uq_{table}_{tenant}_id", table, [tenant, "id"])
    for table, (parent, tenant, key, former) in CHILDREN.items():
        for column in former:
            op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")
        op.create_foreign_key(
            f"fk_{table}_{tenant}_{key}", table, parent, [tenant, key], [tenant, "id"], ondelete="CASCADE"
        )


def downgrade() -> None:
    for table, (_, tenant, key, former) in CHILDREN.items():
        op.drop_constraint(f"fk_{table}_{tenant}_{key}", table, type_="foreignkey")
        for column, (parent, ondelete) in former.items():
            op.create_foreign_key(f"fk_{table}_{column}", table, parent, [column], ["id"], ondelete=ondelete)
    for table, tenant in TENANTS.items():
        op.drop_constraint(f"uq_{table}_{tenant}_id", table, type_="unique")
    op.drop_constraint("uq_organisations_kind_division_code_name", "organisations", type_="unique")
    op.create_unique_constraint(
        "uq_organisations_kind_division_code_name", "organisations", ["kind", "division_code", "name"]
    )
    op.drop_constraint(op.f("ck_tokens_role"), "tokens", type_="check")
