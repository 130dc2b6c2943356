"""Subject data as an enterprise, or the operator of a node, would send it."""

import base64

JPEG = b"\xff\xd8\xff\xe0" + b"j" * 60
PDF = b"%PDF-1.7\n" + b"p" * 60
PERSONAL = ("legal_name", "legal_crt_no", "contact_name", "contact_phone", "contact_email",
            "contact_crt_no")


def enterprise(**members):
    document = {
        "org_name": "济南示例机械有限公司", "org_nature": 2, "org_addr": "经十路 1 号",
        "addr_province": "370000", "addr_city": "370100", "addr_county": "370102",
        "org_crt_type": 1, "org_crt_code": "91350100M000100Y43",
        "legal_name": "张三", "legal_crt_type": 1, "legal_crt_no": "11010519491231002X",
        "org_desc": "生产电动工具。", "industry_category": "C", "industry_specific": "34",
        "contact_name": "欧阳小明", "contact_phone": "13812345678",
        "contact_email": "zhang.san@example.cn",
        "contact_crt_type": 2, "contact_crt_no": "E12345678",
        "reg_authority": "济南市市场监督管理局", "reg_capital": "5000.5",
        "establish_date": "2004-02-29",
        "data_escrow_org": "示例托管中心", "service_escrow_org": "示例托管中心",
        "naming_compliance": 1, "build": {"mode": 1}, "operate": {"mode": 1},
        "deployments": [
            {"kind": 1, "mode": 2, "provider": "示例云", "endpoint": "192.0.2.1:2641"},
            {"kind": 2, "mode": 2, "provider": "示例云"},
            {"kind": 3, "mode": 2, "provider": "示例云"},
            {"kind": 4, "mode": 2, "provider": "示例云"}],
        "realname_impl": {"mode": 1},
        "serve_industries": [
            {"category": "C", "specific": "34", "group": "346", "class": "3465"}],
    }
    return {**document, **members}


def operator():
    image, contract = (base64.b64encode(octets).decode() for octets in (JPEG, PDF))
    return enterprise(
        naming_compliance="GB/T 33748", org_crt_image=image, legal_crt_images=[image, image],
        contact_crt_images=[image], data_escrow_contract=contract,
        service_escrow_contract=contract, realname_impl={"mode": 1, "sources": [contract]})
