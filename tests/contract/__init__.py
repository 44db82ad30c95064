"""The whole JSON door against its own contract, with requests nobody would think of."""
