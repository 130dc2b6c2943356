#pragma once

#include "proto/business/member_reader.h"

// The members of a template's document: what reads it, checks it and writes it goes by them.
namespace idnode::template_members {

inline constexpr MemberRow kHandle = {"handle", "模板标识", "Handle of the template", 255, true};
inline constexpr MemberRow kVersion = {"version", "版本", "Version", 128, true};
inline constexpr MemberRow kName = {"name", "模板名称", "Name", 100, true};
inline constexpr MemberRow kCode = {"code", "模板编码", "Code", 100, true};
inline constexpr MemberRow kDescription = {"description", "模板描述", "Description", 1000};
inline constexpr MemberRow kStandard = {"standard", "依据标准", "Based on the standard", 200};
inline constexpr MemberRow kIndustry = {"industry", "所属行业（门类、大类、中类、小类）",
                                        "Industry, four levels", 4, true};
inline constexpr MemberRow kKind = {"kind", "模板类型（1 主动标识载体，2 其他）",
                                    "Kind: 1 active identifier carrier, 2 other", 0, true};
inline constexpr MemberRow kItems = {"items", "属性", "Items", 0, true};

inline constexpr MemberRow kItemCode = {"code", "属性编码", "Code of the item", 100, true};
inline constexpr MemberRow kEnglish = {"en", "英文名称", "English name", 100, true};
inline constexpr MemberRow kChinese = {"zh", "中文名称", "Chinese name", 100, true};
inline constexpr MemberRow kDefinition = {"definition", "定义", "Definition", 200};
inline constexpr MemberRow kIndex = {"index", "索引", "Index", 0, true};
inline constexpr MemberRow kType = {"type", "数据类型（1–8）", "Type, 1 to 8", 0, true};
inline constexpr MemberRow kLength = {"length", "长度", "Length"};
inline constexpr MemberRow kRequired = {"required", "是否必填", "Required"};
inline constexpr MemberRow kUnique = {"unique", "是否唯一", "Unique"};
inline constexpr MemberRow kTarget = {"reference", "关联模板标识", "Template that is referred to",
                                      255};
inline constexpr MemberRow kUnresolved = {"unresolved", "允许关联未在本节点注册的标识",
                                          "May refer to what is not registered here"};
inline constexpr MemberRow kView = {"view", "查看权限（public 公开，granted 授权）",
                                    "Who sees it: public, granted", 7};
inline constexpr MemberRow kGranted = {"granted", "授权的应用标识", "Applications that see it"};
inline constexpr MemberRow kState = {"state", "状态（0 启用，1 停用，2 未生效）",
                                     "State: 0 enabled, 1 disabled, 2 not yet"};

}  // namespace idnode::template_members
