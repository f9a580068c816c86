using Hype.Gateway.NodeRegistry;

namespace Hype.Gateway.Tests.NodeRegistry;

/// <summary>Tests which secrets admit a registering media node.</summary>
public sealed class NodeCredentialsTests
{
    private const string JoinSecret = "a-join-secret-of-the-tests";

    private static NodeCredentials Credentials(bool required) =>
        new(new NodeRegistryOptions { JoinSecret = JoinSecret, RequireNodeCredential = required });

    // The expected value is from: printf 'hype node node-1' | openssl dgst -sha256 -hmac a-join-secret-of-the-tests
    [Test]
    public void Credential_of_a_node_is_the_HMAC_of_the_node_id_in_hex() =>
        Assert.That(
            NodeCredentials.For(JoinSecret, "node-1"),
            Is.EqualTo("84dacb1418cf3e93998120fa893b2611f7221e4620e1f9ee472d934213b7771d"));

    [TestCase("node-1", false, ExpectedResult = true)]
    [TestCase("node-1", true, ExpectedResult = true)]
    [TestCase("node-2", false, ExpectedResult = false)]
    [TestCase("node-2", true, ExpectedResult = false)]
    [TestCase("", true, ExpectedResult = false)]
    public bool Credential_of_a_node_admits_only_this_node(string nodeId, bool required) =>
        Credentials(required).Admits(nodeId, NodeCredentials.For(JoinSecret, "node-1"));

    [TestCase(false, ExpectedResult = true)]
    [TestCase(true, ExpectedResult = false)]
    public bool Join_secret_admits_a_node_unless_a_credential_is_required(bool required) =>
        Credentials(required).Admits("node-1", JoinSecret);

    [TestCase("")]
    [TestCase("guess")]
    public void Wrong_secret_admits_no_node(string secret) =>
        Assert.That(Credentials(required: false).Admits("node-1", secret), Is.False);
}
