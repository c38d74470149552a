"""Every worked example of the engine's docstrings runs, and every public thing has one."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import matching

MODULES = ["matching", *(f"matching.{info.name}" for info in pkgutil.iter_modules(matching.__path__))]
FUNCTIONS = [name for name in matching.__all__ if inspect.isroutine(getattr(matching, name))]
CLASSES = [name for name in matching.__all__ if inspect.isclass(getattr(matching, name))]


@pytest.mark.parametrize("name", MODULES)
def test_worked_examples_of_a_module_hold(name):
    module = importlib.import_module(name)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    assert doctest.testmod(module, optionflags=flags).failed == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_public_functions_have_a_worked_example(name):
    assert ">>>" in inspect.getdoc(getattr(matching, name))


@pytest.mark.parametrize("name", CLASSES)
def test_public_classes_have_a_worked_example(name):
    assert ">>>" in inspect.getdoc(getattr(matching, name))


def test_the_engine_says_its_version():
    assert matching.__version__.count(".") == 2
