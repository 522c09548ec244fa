# Aliases for ./dev, for those whose fingers type make.
.PHONY: help run test check bench soak
help run test check bench soak:
	@./dev $@ $(ARGS)
