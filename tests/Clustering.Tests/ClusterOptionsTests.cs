namespace Hype.Clustering.Tests;

public sealed class ClusterOptionsTests
{
    private static readonly ClusterOptions Redis = new() { Provider = "Redis", Redis = "one:6379,two:6379,password=swordfish" };

    [Test]
    public void Embedded_mode_needs_no_cluster_options() => Assert.That(Errors(new ClusterOptions()), Is.Empty);

    [Test]
    public void Redis_may_have_several_endpoints() => Assert.That(Errors(Redis), Is.Empty);

    [TestCase("")]
    [TestCase("password=swordfish")]
    [TestCase("one:6379,nonsense=swordfish")]
    public void Error_of_a_wrong_redis_address_does_not_contain_the_password(string connection) =>
        Assert.That(Errors(Redis with { Redis = connection }),
            Has.Exactly(1).Items.And.All.Contains("Hype:Cluster:Redis").And.None.Contains("swordfish"));

    [Test]
    public void All_errors_of_the_cluster_options_are_reported_at_once() =>
        Assert.That(Errors(new ClusterOptions { Provider = "Carrier pigeons", ClusterId = "", ServiceId = new string('x', 65) }),
            Has.Exactly(3).Items);

    [Test]
    public void Connection_string_is_never_printed() => Assert.That(Redis.ToString(), Does.Not.Contain("swordfish"));

    private static IEnumerable<string> Errors(ClusterOptions options) =>
        new ClusterOptionsValidator().Validate(null, options).Failures ?? [];
}
