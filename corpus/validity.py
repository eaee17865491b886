"""What is in force on a given day, and why. The day is always an argument."""

from datetime import date

from corpus.document import Document, Validity


def validity_on(document: Document, day: date) -> tuple[Validity, str]:
    """Return the validity of a document on a day, and the reason as a Chinese sentence.

    A yearly plan (年度要点) stays in force as published, but the reason says whose year it is.
    """
    begin = document.effective_from or document.promulgated_on or document.signed_on
    if begin and day < begin:
        return Validity.NOT_IN_FORCE, f"尚未施行：自{_chinese(begin)}起施行"
    if document.plan_year and document.plan_year > day.year:
        return Validity.NOT_IN_FORCE, f"尚未施行：是{document.plan_year}年度文件"
    if document.effective_to and day > document.effective_to:
        return Validity.NOT_IN_FORCE, f"已失效：有效期至{_chinese(document.effective_to)}"
    if document.validity is Validity.NOT_IN_FORCE:
        return Validity.NOT_IN_FORCE, document.validity_reason or "已失效"
    if document.plan_year and document.plan_year < day.year:
        return document.validity, (
            f"{document.plan_year}年度文件，所列为{document.plan_year}年的任务和目标，"
            f"{day.year}年的安排须以最新文件为准"
        )
    return document.validity, document.validity_reason or "未见失效或替代的记载"


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
