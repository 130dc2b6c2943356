"""A template and an application, as tests/unit/proto/business has them."""

HANDLE = "88.118.8/META_kettle"


def item(code, chinese, index, type_, **more):
    return {"code": code, "en": code, "zh": chinese, "index": index, "type": type_, **more}


def template(handle=HANDLE, version="1.0", **more):
    return {
        "handle": handle,
        "version": version,
        "name": "电水壶",
        "code": "KETTLE",
        "industry": ["C", "38", "385", "3854"],
        "kind": 2,
        "items": [
            item("name", "名称", 2000, 1, required=True, unique=True, length=20),
            item("weight", "重量", 2001, 2),
            item("made", "生产日期", 2002, 3),
            item("manual", "说明书", 2003, 4, length=2),
            item("part", "部件", 2004, 5, reference=handle, length=2),
            item("cost", "成本", 2008, 2, view="granted", granted=["88.118.8/App_shop"]),
        ],
        **more,
    }


def application(handle="88.118.8/App_shop", **more):
    return {
        "handle": handle,
        "name": "电水壶商城",
        "kind": 2,
        "users": 120000,
        "recursive": {"ip": "192.0.2.53", "port": 2641},
        "developer": "济南示例机械有限公司",
        **more,
    }
