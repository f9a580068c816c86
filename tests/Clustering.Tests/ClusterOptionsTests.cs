namespace Hype.Clustering.Tests;

public sealed class ClusterOptionsTests
{
    private static readonly ClusterOptions Redis = new() { Provider = "Redis", Redis = "one:6379,two:6379,password=swordfish" };

    [Test]
    public void Embedded_cluster_is_valid_without_settings() => Assert.That(Errors(new ClusterOptions()), Is.Empty);

    [Test]
    public void Redis_connection_may_have_several_endpoints() => Assert.That(Errors(Redis), Is.Empty);

    [TestCase("")]
    [TestCase("password=swordfish")]
    [TestCase("one:6379,nonsense=swordfish")]
    public void Error_for_an_invalid_Redis_connection_does_not_contain_the_password(string connection) =>
        Assert.That(Errors(Redis with { Redis = connection }),
            Has.Exactly(1).Items.And.All.Contains("Hype:Cluster:Redis").And.None.Contains("swordfish"));

    [Test]
    public void All_invalid_settings_are_reported_together() =>
        Assert.That(Errors(new ClusterOptions { Provider = "Carrier pigeons", ClusterId = "", ServiceId = new string('x', 65) }),
            Has.Exactly(3).Items);

    [Test]
    public void Options_converted_to_text_do_not_contain_the_password() => Assert.That(Redis.ToString(), Does.Not.Contain("swordfish"));

    private static IEnumerable<string> Errors(ClusterOptions options) =>
        new ClusterOptionsValidator().Validate(null, options).Failures ?? [];
}
