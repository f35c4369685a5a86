# Every verb lives in tasks.py, so that a machine without make runs it too: python3 tasks.py <verb>
PYTHON ?= python3
ARGS ?=
VERBS := setup demo up test test-slow lint types walls schemas stack stack-down faults fuzz browser bench bench-quick bench-year asyncapi compose lock clean

.DEFAULT_GOAL := verbs
.PHONY: verbs $(VERBS)

verbs:
	@$(PYTHON) tasks.py

$(VERBS):
	@$(PYTHON) tasks.py $@ $(ARGS)
