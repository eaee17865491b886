"""Numbers as policy writes them: 第二十三条, 三年, 3200万元, 5,000万元, 20亿元.

What it does not know: ranges (2—3家) are two numbers here, and ordinals are plain numbers.
"""

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4}
_DIGITS |= {"五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def chinese_number(text: str) -> int:
    """Return the value of a Chinese numeral, also 二〇二五 and ③.

    >>> [chinese_number(one) for one in ("二十三", "十", "一百零五", "二〇二五", "③", "两")]
    [23, 10, 105, 2025, 3, 2]
    """
    if text in _CIRCLED:
        return _CIRCLED.index(text) + 1
    if len(text) > 1 and all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in "万亿":
            total = (total + section + digit) * _UNITS[character]
            section = digit = 0
        else:
            section += (digit or 1) * _UNITS[character]
            digit = 0
    return total + section + digit


def number_in_chinese(number: int) -> str:
    """Return 1 to 999 as a Chinese numeral, a greater number (no clause has one) in digits.

    >>> [number_in_chinese(one) for one in (2, 10, 13, 20, 105, 1260)]
    ['二', '十', '十三', '二十', '一百零五', '1260']
    """
    if number > 999:
        return str(number)
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if hundreds and rest and not tens:
        text += "零"
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{digits[tens]}十"
    return text + (digits[ones] if ones else "")
