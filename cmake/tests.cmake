# How the suite runs its programs: what it tells them, and how long it waits for them.

# Under a sanitizer everything takes several times as long. The one factor by which every limit of
# the suite is multiplied: those below, and those of the tests themselves (tests/patience.h,
# tests/system/node.py), which read it from their environment.
set(IDNODE_TEST_SLOWNESS 1)
if(IDNODE_SANITIZE STREQUAL "address")
  set(IDNODE_TEST_SLOWNESS 3)
elseif(IDNODE_SANITIZE STREQUAL "thread")
  set(IDNODE_TEST_SLOWNESS 4)
endif()
set(IDNODE_TEST_ENVIRONMENT IDNODE_TEST_SLOWNESS=${IDNODE_TEST_SLOWNESS})

# The first finding ends the program, so that no test passes over one. Programs that tests start
# inherit this.
if(IDNODE_SANITIZE STREQUAL "address")
  set(suppressions ${CMAKE_SOURCE_DIR}/tests/sanitizers/lsan.supp)
  list(APPEND IDNODE_TEST_ENVIRONMENT UBSAN_OPTIONS=print_stacktrace=1
       LSAN_OPTIONS=suppressions=${suppressions}:print_suppressions=0)
elseif(IDNODE_SANITIZE STREQUAL "thread")
  set(suppressions ${CMAKE_SOURCE_DIR}/tests/sanitizers/tsan.supp)
  list(APPEND IDNODE_TEST_ENVIRONMENT
       TSAN_OPTIONS=suppressions=${suppressions}:halt_on_error=1:history_size=7:atexit_sleep_ms=0)
endif()

# idnode_test_runs(system_crash_test LABELS system TIMEOUT 900 [ENVIRONMENT …]): after add_test.
# TIMEOUT is in seconds, without a sanitizer.
function(idnode_test_runs name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS;ENVIRONMENT" ${ARGN})
  math(EXPR seconds "${ARG_TIMEOUT} * ${IDNODE_TEST_SLOWNESS}")
  set(environment ${IDNODE_TEST_ENVIRONMENT} ${ARG_ENVIRONMENT})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${seconds}
                                          ENVIRONMENT "${environment}")
endfunction()
