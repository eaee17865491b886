"""Rules as code: one folder a programme, holding its conditions, its formula and its cases."""
