#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <string_view>

namespace idnode {

// A template with an item of every type. 2000 name: required, unique; 2001 weight; 2002 made; 2003
// manual, a file; 2004 part, a reference within this template; 2005 sound; 2006 film; 2007 picture;
// 2008 cost: granted to 88.118.8/App_shop; 2009: disabled.
inline boost::json::object TemplateExample(std::string_view handle = "88.118.8/META_kettle",
                                           std::string_view version = "1.0") {
  boost::json::array items;
  const auto add = [&](std::string_view code, std::string_view zh, int index, int type) {
    items.push_back(boost::json::object{
        {"code", code}, {"en", code}, {"zh", zh}, {"index", index}, {"type", type}});
    return &items.back().as_object();
  };
  auto& name = *add("name", "名称", 2000, 1);
  name["required"] = name["unique"] = true;
  name["length"] = 20;
  add("weight", "重量", 2001, 2);
  add("made", "生产日期", 2002, 3);
  (*add("manual", "说明书", 2003, 4))["length"] = 2;
  auto& part = *add("part", "部件", 2004, 5);
  part["reference"] = handle;
  part["length"] = 2;
  add("sound", "音频", 2005, 6);
  add("film", "视频", 2006, 7);
  add("picture", "图片", 2007, 8);
  auto& cost = *add("cost", "成本", 2008, 2);
  cost["view"] = "granted";
  cost["granted"] = {"88.118.8/App_shop"};
  (*add("old", "旧属性", 2009, 1))["state"] = 1;
  return {{"handle", handle},
          {"version", version},
          {"name", "电水壶"},
          {"code", "KETTLE"},
          {"description", "家用电水壶"},
          {"standard", "GB/T 22089"},
          {"industry", {"C", "38", "385", "3854"}},
          {"kind", 2},
          {"items", items}};
}
inline std::string TemplateText(std::string_view handle = "88.118.8/META_kettle",
                                std::string_view version = "1.0") {
  return boost::json::serialize(TemplateExample(handle, version));
}

inline boost::json::object ApplicationExample(std::string_view handle = "88.118.8/App_shop") {
  return {{"handle", handle},
          {"name", "电水壶商城"},
          {"kind", 2},
          {"description", "购买电水壶"},
          {"users", 120000},
          {"recursive", {{"ip", "192.0.2.53"}, {"port", 2641}}},
          {"developer", "济南示例机械有限公司"}};
}

}  // namespace idnode
