#pragma once

#include <array>
#include <string_view>

#include "proto/base/result.h"
#include "proto/gs1/application_identifier.h"

namespace idnode {

// Carries out one check of the table on a component, whose characters and length fit already.
Status CarryOut(Gs1Check check, std::string_view component);

// The check pair that completes the data of a GMN or MUDI, of at most 23 characters of CSET 82
// (spec/gs1-digital-link.md 2.2).
std::array<char, 2> CheckPairOf(std::string_view data);

// YYMMDD: the century does not matter, since 2000 is a leap year. With `day_0`, day 00 stands for
// the last one of the month.
bool IsDate(std::string_view yymmdd, bool day_0);

// North American coupon codes: AI 8110 and 8112. `digits` may hold anything.
bool IsCouponCode(std::string_view digits);
bool IsCouponPositiveOffer(std::string_view digits);

}  // namespace idnode
