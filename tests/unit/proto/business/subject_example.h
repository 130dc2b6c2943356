#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "proto/base/text.h"

namespace idnode {

// The smallest files of their kinds that are told by their first octets.
inline std::string JpegOctets(size_t octets = 64) {
  return std::string("\xFF\xD8\xFF\xE0").append(octets - 4, 'j');
}
inline std::string PdfOctets(size_t octets = 64) {
  return std::string("%PDF-1.7\n").append(octets - 9, 'p');
}

// What an enterprise of Jinan would send. The numbers are those of the standards' examples.
inline boost::json::object EnterpriseExample() {
  return boost::json::parse(R"({
    "org_name": "济南示例机械有限公司", "org_nature": 2, "org_addr": "经十路 1 号",
    "addr_province": "370000", "addr_city": "370100", "addr_county": "370102",
    "org_crt_type": 1, "org_crt_code": "91350100M000100Y43",
    "legal_name": "张三", "legal_crt_type": 1, "legal_crt_no": "11010519491231002X",
    "legal_phone": "0531-88001234",
    "org_desc": "生产电动工具。", "industry_category": "C", "industry_specific": "34",
    "contact_name": "欧阳小明", "contact_phone": "13812345678",
    "contact_email": "zhang.san@example.cn",
    "contact_crt_type": 2, "contact_crt_no": "E12345678",
    "website": "https://example.cn/", "reg_authority": "济南市市场监督管理局",
    "reg_capital": "5000.5", "establish_date": "2004-02-29",
    "data_escrow_org": "示例托管中心", "service_escrow_org": "示例托管中心",
    "naming_compliance": 1,
    "licences": [{"type": 4, "no": "鲁B2-20260001"}],
    "build": {"mode": 1}, "operate": {"mode": 2, "name": "示例运维公司"},
    "deployments": [
      {"kind": 1, "mode": 1, "province": "370000", "city": "370100", "county": "370102",
       "address": "经十路 1 号", "endpoint": "192.0.2.1:2641"},
      {"kind": 2, "mode": 2, "provider": "示例云"},
      {"kind": 3, "mode": 2, "provider": "示例云"},
      {"kind": 4, "mode": 2, "provider": "示例云"}],
    "realname_impl": {"mode": 1},
    "serve_industries": [
      {"category": "C", "specific": "34", "group": "346", "class": "3465"}],
    "ext_web": {"name": "示例", "domain": "id.example.cn", "ips": "192.0.2.1;2001:db8::1"}
  })")
      .as_object();
}

// The same as the operator of a node would send it: with files.
inline boost::json::object OperatorExample() {
  boost::json::object example = EnterpriseExample();
  example["naming_compliance"] = "符合 GB/T 33748";
  example["org_crt_image"] = ToBase64(JpegOctets());
  for (const char* images : {"legal_crt_images", "contact_crt_images"}) {
    example[images] = {ToBase64(JpegOctets()), ToBase64(JpegOctets(80))};
  }
  for (const char* contract : {"data_escrow_contract", "service_escrow_contract"}) {
    example[contract] = ToBase64(PdfOctets());
  }
  example["operate"].as_object()["contract"] = ToBase64(PdfOctets());
  example["realname_impl"].as_object()["sources"] = {ToBase64(PdfOctets())};
  return example;
}

inline std::string TextOf(const boost::json::object& document) {
  return boost::json::serialize(document);
}

}  // namespace idnode
