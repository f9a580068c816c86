using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.NetworkNamespaces;
using Hype.Testing.Processes;

namespace Hype.EndToEnd.Tests.Scenarios;

/// <summary>
/// Tests that coturn with the rules of deploy/docker/turnserver.conf relays to public addresses and to an exempt address, and to nothing
/// that only the machine or its private networks should reach.
/// </summary>
[Category("E2E")]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class RelayRules
{
    // The network is closed, so these are addresses of its own card; an echo server answers at each.
    private const string PublicIPv4 = "8.8.8.8";
    private const string PublicIPv6 = "2606:4700::1";

    private static readonly string[] Echoes = [NetworkNamespace.Address, PublicIPv4, PublicIPv6];

    private readonly List<ChildProcess> _echoes = [];
    private NetworkNamespace? _network;
    private TurnServer? _turn;
    private int _users;

    [OneTimeSetUp]
    public async Task StartTurnAndPeers()
    {
        _network = await NetworkNamespace.CreateAsync();
        await AddAddressAsync($"{PublicIPv4}/32");
        await AddAddressAsync($"{PublicIPv6}/128", "nodad");
        foreach (var address in Echoes)
            _echoes.Add(_network.Start("turnutils_peer", ["-L", address]));
        var rules = await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.Root, "deploy", "docker", "turnserver.conf"));
        // As the compose file does with PUBLIC_ADDRESS.
        rules += $"allowed-peer-ip={NetworkNamespace.Address}\n";
        _turn = await TurnServer.StartAsync(_network, rules, NetworkNamespace.Address, PublicIPv6);
    }

    [OneTimeTearDown]
    public async Task StopTurnAndPeers()
    {
        if (_turn is not null)
            await _turn.DisposeAsync();
        foreach (var echo in _echoes)
            await echo.DisposeAsync();
        if (_network is not null)
            await _network.DisposeAsync();
    }

    [TestCase(PublicIPv4)]
    [TestCase(PublicIPv6)]
    [TestCase(NetworkNamespace.Address, Description = "private, but in allowed-peer-ip")]
    public async Task Relay_to_a_public_or_exempt_peer_carries_data(string peer) =>
        Assert.That(await RelayAsync(peer, "-c"), Does.Contain("Total lost packets 0 "), _turn!.Log);

    [TestCase("0.0.0.0")]
    [TestCase("10.77.0.2")]
    [TestCase("10.83.0.11")]
    [TestCase("100.64.0.1")]
    [TestCase("127.0.0.1")]
    [TestCase("168.63.129.16")]
    [TestCase("169.254.169.254")]
    [TestCase("172.17.0.1")]
    [TestCase("192.0.0.8")]
    [TestCase("192.168.1.1")]
    [TestCase("198.18.0.1")]
    [TestCase("224.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("::")]
    [TestCase("::1")]
    [TestCase("::10.0.0.1")]
    [TestCase("::ffff:10.0.0.1")]
    [TestCase("64:ff9b::a00:1")]
    [TestCase("64:ff9b:1::1")]
    [TestCase("2001:0:a00:1::")]
    [TestCase("2002:a00:1::1")]
    [TestCase("fc00::1")]
    [TestCase("fd00:ec2::254")]
    [TestCase("fe80::1")]
    [TestCase("fec0::1")]
    [TestCase("ff02::1")]
    public async Task Relay_to_a_private_or_special_peer_is_refused(string peer) =>
        Assert.That(await RelayAsync(peer, "-c"), Does.Contain("403 (Forbidden IP)"), _turn!.Log);

    [Test]
    public async Task Relay_over_TCP_is_refused() =>
        Assert.That(await RelayAsync(NetworkNamespace.Address, "-T"), Does.Contain("442 (TCP Transport is not allowed"), _turn!.Log);

    [Test]
    public async Task Relay_beyond_the_quota_of_its_user_is_refused() =>
        Assert.That(
            await RelayAsync(NetworkNamespace.Address, "-c", "-m", "33"), Does.Contain("486 (Allocation Quota Reached)"), _turn!.Log);

    private Task<string> RelayAsync(string peer, params string[] flags) => TurnClient.RunAsync(_network!, $"user{++_users}", peer, flags);

    private Task AddAddressAsync(string address, params string[] flags)
    {
        var (file, arguments) = _network!.Enter("ip", ["addr", "add", address, "dev", "card0", .. flags]);
        return ChildProcess.RunAsync(file, arguments, TimeSpan.FromSeconds(5));
    }
}
