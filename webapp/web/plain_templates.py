"""Compiles templates into fewer steps than Jinja's own: what each page does hundreds of times costs most of a page.

Our templates share one dictionary of globals, call macros and plain functions, and are always escaped. Jinja checks at
each call, import and include what else there could be; here the compiler knows (ADR 0054).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from keyword import iskeyword
from types import FunctionType
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode, missing
from markupsafe import Markup


def is_plain(called: Any) -> bool:
    """Return whether a template may call this without Jinja's extra arguments."""
    kind = type(called)
    return kind is PlainMacro or (kind is FunctionType and not hasattr(called, "jinja_pass_arg"))


class PlainContext(Context):
    """Calls plain functions and macros directly: Jinja first checks each callable for three kinds of extra
    arguments. And lists no globals: they are the same for all templates."""

    def __init__(
        self,
        environment: Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Callable[[Context], Iterator[str]]],
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - the name Jinja gives it
    ) -> None:
        super().__init__(environment, parent, name, blocks)

    def for_included(self, template: Template, local: dict[str, Any]) -> Context:
        """Return the context of an included template: it sees all names that are seen here."""
        names = {**self.parent, **self.vars}
        names.update({name: value for name, value in local.items() if value is not missing})
        return PlainContext(self.environment, names, template.name, template.blocks)

    @internalcode
    def call(self, called: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if not is_plain(called):
            return super().call(called, *arguments, **named)
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return called(*arguments, **named)


class PlainMacro(Macro):
    """Takes its arguments in fewer steps: Jinja raises and catches an error for each argument that is left out."""

    @internalcode
    def __call__(self, *arguments: Any, **named: Any) -> Markup:
        values = [*arguments, *(named.pop(name, missing) for name in self.arguments[len(arguments) :])]
        if self.caller:
            values.append(named.pop("caller", None) or self._environment.undefined("No caller defined", name="caller"))
        if len(arguments) > len(self.arguments) or (named and not self.catch_kwargs):
            raise TypeError(f"macro {self.name!r} takes no such arguments: {arguments} {named}")
        if self.catch_kwargs:
            values.append(named)
        return Markup(self._func(*values))  # noqa: S704 - a template's own output, in which values are escaped


class PlainTemplate(Template):
    """Exports its macros once: Jinja compares the globals at each import, and ours are the same everywhere."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module() if self._module is None else self._module


class PlainOutput(CodeGenerator):
    """Compiles ``{{ value }}`` to escaped text instead of a Markup object, since it is only joined; calls macros and
    plain functions directly; and lets an included template see all names by one copy of them instead of three."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        set_here = {name.name for name in node.find_all(nodes.Name) if name.ctx != "load"}
        imported = {
            name if isinstance(name, str) else name[1] for one in node.find_all(nodes.FromImport) for name in one.names
        }
        functions = {name for name, value in self.environment.globals.items() if is_plain(value)}
        self._directly = (imported | functions | {"caller"}) - set_here
        super().visit_Template(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        is_by_name = isinstance(node.node, nodes.Name) and node.node.name in self._directly
        if not is_by_name or node.dyn_args or node.dyn_kwargs or any(iskeyword(named.key) for named in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        names = tuple(argument.name for argument in macro_ref.node.args)
        if macro_ref.accesses_varargs or "caller" in names:
            raise TypeError(f"a macro takes neither varargs nor caller as an argument: {self.position(macro_ref.node)}")
        name, takes_all = getattr(macro_ref.node, "name", None), macro_ref.accesses_kwargs
        self.write(f"environment.macro(environment, macro, {name!r}, {names!r}, {takes_all}, False, ")
        self.write(f"{macro_ref.accesses_caller}, True)")

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802
        if node.ignore_missing or not node.with_context:
            super().visit_Include(node, frame)
            return
        self.writeline("template = environment.get_template(", node)
        self.visit(node.template, frame)
        self.write(")")
        parts = f"template.root_render_func(context.for_included(template, {self.dump_local_context(frame)}))"
        # Joined here, since each part would otherwise pass through every template around this one.
        self.writeline(f"yield concat({parts})" if frame.buffer is None else f"{frame.buffer}.extend({parts})")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        for child in node.nodes:
            if isinstance(child, nodes.CondExpr) and child.expr2 is None:
                child.expr2 = nodes.Const("")
        super().visit_Output(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)
