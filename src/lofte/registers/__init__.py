"""The registers of art. 28 and 30 as files, and all that is exported of policy and data map.

- `exporting`: every export by name: what it is called, for whom, and how it is made
- `book`: sheets as a workbook (XLSX); `paper`: the same as a tagged PDF
"""
