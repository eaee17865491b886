"""Every word of the calculator page itself, in Chinese and in English.

Names of programmes, conditions, clauses and results stay in Chinese, as the policies state them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.rules.ranges import Verdict


@dataclass(frozen=True)
class Words:
    """The words of the calculator page in one language."""

    html_lang: str
    colon: str
    language: str  # the code in addresses: zh, en
    name: str
    tagline: str
    to_chat: str
    to_desk: str
    switch: str
    day: str
    day_hint: str
    describe: str
    describe_hint: str
    describe_placeholder: str
    read: str
    understood: str
    correct: str
    remove: str
    form: str
    money_unit: str
    filled: str
    more_facts: str
    more_facts_hint: str
    kept: str
    clear: str
    cleared: str
    yes: str
    no: str
    unsure: str
    choose: str
    worked_out: str
    results: str
    see_results: str
    working: str
    failed: str
    doubts: str
    question: str
    answer: str
    because: str
    all_answered: str
    nothing_told: str
    chart: str
    chart_hint: str
    more_amounts: str
    conditions: str
    condition: str
    yours: str
    threshold: str
    gap: str
    clause: str
    not_told: str
    still_needed: str
    and_more: str
    the_rest: str
    steps: str
    materials: str
    windows: str
    department: str
    notes: str
    period: str
    from_day: str
    to_day: str
    our_from_day: str
    our_to_day: str
    unverified: str
    unverified_hint: str
    our_note: str
    stacking: str
    ladder: str
    ladder_hint: str
    reached: str
    next_step: str
    to_bring: str
    to_tell: str
    all_met: str
    what_if: str
    what_if_hint: str
    what_if_on: str
    what_if_keep: str
    what_if_back: str
    changes: str
    no_changes: str
    nothing: str
    only: str
    show_all: str
    report: str
    calendar: str
    disclaimer: str
    close: str
    open_original: str
    no_script: str
    verdicts: Mapping[Verdict, str]
    groups: Mapping[str, str]
    facts: Mapping[str, str]


CHINESE = Words(
    html_lang="zh-CN",
    colon="：",
    language="zh",
    name="政策计算器",
    tagline="填几项企业情况，看符合哪些政策、能得多少、还差什么，每一项都有条款依据",
    to_chat="问政策",
    to_desk="管理",
    switch="语言",
    day="测算日",
    day_hint="按这一天有效的规定测算",
    describe="用一句话介绍企业",
    describe_hint="写下注册地、成立时间、人数、收入、研发费用、知识产权等，能写多少写多少。",
    describe_placeholder="例如：我们是宁夏银川的软件企业，2019年成立，职工80人，其中科技人员30人，"
    "去年收入3200万元，研发费用260万元，发明专利2项",
    read="读取",
    understood="读到的情况",
    correct="改",
    remove="去掉",
    form="企业情况",
    money_unit="金额单位",
    filled="已填 {count} 项",
    more_facts="更多事项",
    more_facts_hint="个别政策才问的事项，按政策列出。",
    kept="填写的内容只留在这台设备的浏览器里，服务器不保存。",
    clear="清空",
    cleared="已清空，这台设备上不再留有填写的内容。",
    yes="是",
    no="否",
    unsure="不清楚",
    choose="请选择",
    worked_out="按所填算出",
    results="测算结果",
    see_results="看结果",
    working="正在测算……",
    failed="没有算成，请检查网络后再试。",
    doubts="这些数字不用于计算",
    question="接下来请告诉我们",
    answer="回答",
    because="依据",
    all_answered="需要问的都已答过。",
    nothing_told="先写一句介绍，或者直接回答这个问题，结果会随填随变。",
    chart="各项政策值多少",
    chart_hint="条件全部符合时的金额；斜纹表示“最多”，还要看没有填的情况。",
    more_amounts="另有 {count} 项金额较小，见下面各项。",
    conditions="条件",
    condition="条件",
    yours="贵企业",
    threshold="要求",
    gap="差距",
    clause="条款",
    not_told="未填",
    still_needed="还需知道",
    and_more="等 {count} 项",
    the_rest="另外 {count} 项",
    steps="怎样算出",
    materials="申报材料",
    windows="申报时间",
    department="找谁办",
    notes="注意",
    period="有效期间",
    from_day="自 {day} 起",
    to_day="，至 {day} 止",
    our_from_day="起始日未载明，测算自 {day} 起用",
    our_to_day="，截止日未载明，测算用到 {day}",
    unverified="待核",
    unverified_hint="所据条文中有尚未核实的内容，申报前请向主管部门核实。",
    our_note="（编者说明）",
    stacking="能不能一起享受",
    ladder="梯队：离下一级还差多少",
    ladder_hint="按所填情况，到每一级最少要补的条件。",
    reached="已是",
    next_step="下一级",
    to_bring="要补的条件",
    to_tell="还需知道",
    all_met="条件都已符合，可以申请。",
    what_if="假如……",
    what_if_hint="保留现在的结果，改动几项试试看。",
    what_if_on="正在试算：改动企业情况，看结果怎样变。现在的结果已保留。",
    what_if_keep="就用改后的情况",
    what_if_back="回到现在的情况",
    changes="改动以后",
    no_changes="还没有不同。请改动企业情况。",
    nothing="无",
    only="只看：{names}",
    show_all="看全部政策",
    report="自测报告（打印 / 存为 PDF）",
    calendar="申报时间存入日历（.ics）",
    disclaimer="结果由所填情况按条文逐条算出，供自测参考，不是主管部门的决定；"
    "办理时以发文机关公布的原文和解释为准。",
    close="关闭",
    open_original="单独打开",
    no_script="测算需要浏览器运行本页的脚本，请允许后刷新。",
    verdicts={
        Verdict.MET: "符合",
        Verdict.UNKNOWN: "信息不足",
        Verdict.NOT_MET: "不符合",
        Verdict.NOT_IN_FORCE: "当日无有效规定",
    },
    groups={},
    facts={},
)

ENGLISH = Words(
    html_lang="en",
    colon=": ",
    language="en",
    name="Policy Calculator 政策计算器",
    tagline="Tell a few facts of an enterprise: which policies it qualifies for, how much, "
    "and what is missing, each with its clause",
    to_chat="Ask a question",
    to_desk="Staff",
    switch="Language",
    day="Day asked about",
    day_hint="Results follow the rules in force on this day",
    describe="Describe the enterprise in a sentence (in Chinese)",
    describe_hint="Place, founding year, staff, revenue, R&D expense, patents: whatever you know.",
    describe_placeholder="例如：我们是宁夏银川的软件企业，2019年成立，职工80人，其中科技人员30人，"
    "去年收入3200万元，研发费用260万元，发明专利2项",
    read="Read",
    understood="Understood",
    correct="edit",
    remove="remove",
    form="Facts",
    money_unit="Money in",
    filled="{count} given",
    more_facts="More facts",
    more_facts_hint="Asked by single programmes only, listed by programme.",
    kept="What you enter stays in the browser of this device; the server keeps nothing.",
    clear="Clear",
    cleared="Cleared: nothing of what you entered is left on this device.",
    yes="Yes",
    no="No",
    unsure="Not sure",
    choose="Choose",
    worked_out="Worked out",
    results="Results",
    see_results="Results",
    working="Working…",
    failed="Not worked out. Please check the connection and try again.",
    doubts="These figures are not used",
    question="Next, please tell us",
    answer="Answer",
    because="Clause",
    all_answered="Everything that needs asking has been answered.",
    nothing_told="Write a sentence or answer this question; the results follow as you go.",
    chart="What each programme is worth",
    chart_hint="If every condition is met; hatched means at most, depending on facts not given.",
    more_amounts="{count} more with smaller amounts, see below.",
    conditions="Conditions",
    condition="Condition",
    yours="Yours",
    threshold="Required",
    gap="Gap",
    clause="Clause",
    not_told="not given",
    still_needed="Still needed",
    and_more="and more, {count} in all",
    the_rest="{count} more",
    steps="How it was worked out",
    materials="Documents to hand in",
    windows="When to apply",
    department="Where to go",
    notes="Please note",
    period="In force",
    from_day="from {day}",
    to_day=" until {day}",
    our_from_day="first day not stated; used here from {day}",
    our_to_day="; last day not stated; used here until {day}",
    unverified="unverified",
    unverified_hint="Rests on a clause not yet verified: check with the authority before applying.",
    our_note=" (editors' note)",
    stacking="Which can be combined",
    ladder="Ladder: how far to the next level",
    ladder_hint="The least that is missing for each level.",
    reached="Held",
    next_step="Next",
    to_bring="To bring about",
    to_tell="To tell",
    all_met="Every condition is met: it can be applied for.",
    what_if="What if…",
    what_if_hint="Keep the present result and try some changes.",
    what_if_on="Trying: change facts and see what differs. The present result is kept.",
    what_if_keep="Keep the changes",
    what_if_back="Back to the present facts",
    changes="After the changes",
    no_changes="No difference yet. Change some facts.",
    nothing="none",
    only="Only: {names}",
    show_all="Show all programmes",
    report="Report (print / save as PDF)",
    calendar="Application dates (.ics)",
    disclaimer="Results are worked out clause by clause from what you entered. They are a "
    "self-test and no decision of an authority; the published text and its interpretation prevail.",
    close="Close",
    open_original="Open alone",
    no_script="This page needs its script to work. Please allow it and reload.",
    verdicts={
        Verdict.MET: "Met",
        Verdict.UNKNOWN: "More facts needed",
        Verdict.NOT_MET: "Not met",
        Verdict.NOT_IN_FORCE: "No rule on that day",
    },
    groups={
        "基本情况": "Basics",
        "人员": "Staff",
        "收入与资产": "Revenue and assets",
        "研发": "R&D",
        "知识产权": "Intellectual property",
        "资质": "Qualifications",
        "税收": "Tax",
        "守法": "Compliance",
        "其他": "Other",
    },
    facts={
        "region": "Place of registration",
        "founded_on": "Founded on",
        "company_age": "Years since founding",
        "industry": "Industry",
        "resident_enterprise": "Resident enterprise",
        "sound_accounts": "Sound accounts, taxed on actual profit",
        "restricted_industry": "In a restricted or forbidden industry",
        "staff": "Staff",
        "research_staff": "Science and technology staff",
        "research_staff_share": "Share of such staff",
        "rd_staff": "R&D staff",
        "rd_staff_share": "Share of R&D staff",
        "revenue": "Revenue, last year",
        "revenue_3y": "Revenue, last three years",
        "main_business_revenue_share": "Share of main business in revenue",
        "high_tech_revenue": "Revenue from high-tech products",
        "total_income": "Total income",
        "high_tech_revenue_share": "Share of high-tech revenue",
        "total_assets": "Total assets",
        "net_assets": "Net assets",
        "net_profit": "Net profit",
        "debt_ratio": "Debt ratio",
        "revenue_growth_2y": "Average growth, two years",
        "equity_financing_2y": "New equity financing, two years",
        "rd_expense": "R&D expense, last year",
        "rd_share": "R&D expense over revenue",
        "rd_expense_3y": "R&D expense, last three years",
        "rd_share_3y": "R&D share, three years",
        "domestic_rd_share": "Share of R&D in China",
        "deductible_rd_expense": "Own R&D expense for super deduction",
        "research_field": "In a supported high-tech field",
        "research_institution": "R&D institution of provincial rank",
        "class1_ip": "Class I intellectual property",
        "class2_ip": "Class II intellectual property",
        "owns_core_ip": "Owns the core intellectual property",
        "high_tech_enterprise": "High-tech enterprise",
        "tech_sme": "Registered technology SME",
        "innovative_sme": "Innovative SME",
        "specialized_sme": "Specialized SME",
        "little_giant": "“Little giant” enterprise",
        "encouraged_industry": "In an encouraged industry",
        "taxable_income": "Taxable income",
        "general_vat_taxpayer": "General VAT taxpayer",
        "transfer_income": "Income from technology transfer",
        "no_major_incident": "No major incident in a year",
        "no_serious_breach": "On no list of serious breaches",
    },
)


def words_for(language: object) -> Words:
    """Return the words in that language; Chinese for anything but "en"."""
    return ENGLISH if language == "en" else CHINESE
