"""pyhandle, the REST client of the Python world: over HTTPS, with a secret key."""

import logging
import unittest
import urllib3

from pyhandle.client.resthandleclient import RESTHandleClient
from pyhandle.clientcredentials import PIDClientCredentials
from pyhandle.handleexceptions import HandleAlreadyExistsException, HandleAuthenticationError
from pyhandle.handleexceptions import GenericHandleError

from endpoint import Endpoint


class PyhandleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        logging.disable(logging.CRITICAL)
        # The certificate is self-signed, as on most Handle servers; so it is not verified, and
        # that is said on standard error for each request.
        urllib3.disable_warnings()
        cls.at = Endpoint.read()
        if not cls.at.https_port:
            raise AssertionError("the server offers no HTTPS")
        cls.url = f"https://127.0.0.1:{cls.at.https_port}"
        cls.client = cls.authenticated(cls.at.secret.decode())

    @classmethod
    def authenticated(cls, password):
        credentials = PIDClientCredentials(
            client="rest", handle_server_url=cls.url, password=password,
            username=f"{cls.at.administrator[1]}:{cls.at.administrator[0]}",
            handleowner=f"{cls.at.administrator[1]}:{cls.at.administrator[0]}",
            HTTPS_verify=False)
        return RESTHandleClient.instantiate_with_credentials(credentials)

    def registered(self, **more):
        handle = self.at.fresh("pyhandle")
        self.assertEqual(
            self.client.register_handle(handle, "http://a.cn/1", **more), handle)
        return handle

    def test_registers_and_reads(self):
        handle = self.registered(checksum="a1b2", NAME="水壶")
        record = self.client.retrieve_handle_record(handle)
        self.assertEqual(record["URL"], "http://a.cn/1")
        self.assertEqual(record["CHECKSUM"], "a1b2")
        self.assertEqual(record["NAME"], "水壶")
        self.assertIn(self.at.administrator[0], record["HS_ADMIN"])
        self.assertEqual(self.client.get_value_from_handle(handle, "URL"), "http://a.cn/1")
        whole = self.client.retrieve_handle_record_json(handle)
        self.assertEqual((whole["responseCode"], whole["handle"]), (1, handle))
        self.assertEqual(len(whole["values"]), 4)

    def test_reads_without_any_name(self):
        handle = self.registered()
        plain = RESTHandleClient.instantiate_for_read_access(
            f"http://127.0.0.1:{self.at.http_port}")
        self.assertEqual(plain.get_value_from_handle(handle, "URL"), "http://a.cn/1")
        self.assertIsNone(plain.retrieve_handle_record_json(self.at.fresh("absent")))
        only = plain.retrieve_handle_record_json(handle, indices=[1])
        self.assertEqual([value["type"] for value in only["values"]], ["URL"])

    def test_generates_a_name(self):
        handle = self.client.generate_and_register_handle(self.at.prefix, "http://a.cn/2")
        self.assertTrue(handle.startswith(self.at.prefix + "/"))
        self.assertEqual(self.client.get_value_from_handle(handle, "URL"), "http://a.cn/2")

    def test_modifies_and_adds(self):
        handle = self.registered(NAME="水壶")
        self.client.modify_handle_value(handle, URL="http://a.cn/2", COLOUR="红")
        record = self.client.retrieve_handle_record(handle)
        self.assertEqual((record["URL"], record["COLOUR"], record["NAME"]),
                         ("http://a.cn/2", "红", "水壶"))
        values = self.client.retrieve_handle_record_json(handle)["values"]
        self.assertEqual(len({value["index"] for value in values}), 4)

    def test_deletes_values_and_handles(self):
        handle = self.registered(NAME="水壶", COLOUR="红")
        self.client.delete_handle_value(handle, ["NAME", "COLOUR"])
        record = self.client.retrieve_handle_record(handle)
        self.assertNotIn("NAME", record)
        self.assertEqual(record["URL"], "http://a.cn/1")
        self.client.delete_handle(handle)
        self.assertIsNone(self.client.retrieve_handle_record_json(handle))

    def test_does_not_overwrite_unasked(self):
        handle = self.registered()
        with self.assertRaises(HandleAlreadyExistsException):
            self.client.register_handle(handle, "http://a.cn/2")
        self.assertEqual(self.client.get_value_from_handle(handle, "URL"), "http://a.cn/1")
        self.client.register_handle(handle, "http://a.cn/3", overwrite=True)
        self.assertEqual(self.client.get_value_from_handle(handle, "URL"), "http://a.cn/3")

    def test_a_wrong_password(self):
        handle = self.registered()
        wrong = self.authenticated("guess")
        with self.assertRaises((HandleAuthenticationError, GenericHandleError)):
            wrong.modify_handle_value(handle, URL="http://a.cn/2")
        with self.assertRaises((HandleAuthenticationError, GenericHandleError)):
            wrong.register_handle(self.at.fresh("pyhandle"), "http://a.cn/2")
        self.assertEqual(self.client.get_value_from_handle(handle, "URL"), "http://a.cn/1")

    def test_names_with_signs_in_them(self):
        # It sends "?" and "#" as they are, so with those it would ask for another handle.
        for sign in ("%", " ", "é", "水", "a/b", "+", "&", "=", ";"):
            with self.subTest(sign):
                handle = self.at.fresh("pyhandle") + sign + "x"
                self.client.register_handle(handle, "http://a.cn/1")
                self.assertEqual(
                    self.client.get_value_from_handle(handle, "URL"), "http://a.cn/1")


if __name__ == "__main__":
    unittest.main()
