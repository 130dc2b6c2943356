#pragma once

#include <string_view>

namespace idnode {

// What texts of subject data must look like. Nothing with a star passes where a person is named: a
// masked document that is sent back would replace what it hides.
bool IsEmailAddress(std::string_view text);     // RFC 5321 without quoted names; a host with a dot.
bool IsTelephoneNumber(std::string_view text);  // Digits, and '+', '-', ' ', '(', ')' between them.
bool IsCalendarDate(std::string_view text);     // 2026-11-21, from 1000 on.
bool IsAmount(std::string_view text);           // 1000 or 1000.5, at most six decimals.
bool IsHostName(std::string_view text);         // id.example.cn
bool IsWebAddress(std::string_view text);       // http or https, a host, perhaps a port and more.
bool IsIpAddress(std::string_view text);
bool IsEndpoint(std::string_view text);  // 192.0.2.1:2641, [2001:db8::1]:2641

// The kind of a file, as its first octets show.
enum class FileKind : unsigned char { kUnknown, kJpeg, kPng, kBmp, kPdf };
FileKind FileKindOf(std::string_view octets);

}  // namespace idnode
