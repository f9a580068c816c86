using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Hype.Clustering.Tls;
using Hype.Hosting.Options;
using Hype.Testing.Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Hype.Clustering.Tests.Tls;

/// <summary>
/// Tests mutual TLS with real silos on real sockets: silos with certificates of the authority form a cluster, and their
/// ports serve no other peer.
/// </summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class ClusterTlsTests
{
    private const int SiloPort = 11111;
    private const int GatewayPort = 30000;

    // Addresses of loopback that no other test uses, so that the ports are free.
    private static readonly IPAddress First = IPAddress.Parse("127.36.0.1");
    private static readonly IPAddress Second = IPAddress.Parse("127.36.0.2");
    private static readonly IPAddress Impostor = IPAddress.Parse("127.36.0.3");

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TestAuthority _authority = new("Cluster");
    private readonly TestAuthority _others = new("Others");
    private readonly List<IHost> _silos = [];

    [OneTimeSetUp]
    public async Task StartTwoSilos()
    {
        _silos.Add(await StartSiloAsync(First, Of(_authority)));
        _silos.Add(await StartSiloAsync(Second, Of(_authority)));
    }

    [OneTimeTearDown]
    public async Task StopSilos()
    {
        foreach (var silo in Enumerable.Reverse(_silos))
        {
            await silo.StopAsync();
            silo.Dispose();
        }

        _authority.Dispose();
        _others.Dispose();
    }

    [Test]
    public async Task Two_silos_and_a_client_of_the_authority_form_a_cluster()
    {
        using var client = Client(Of(_authority));
        await client.StartAsync();

        var management = client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        var hosts = await management.GetHosts(onlyActive: true);

        Assert.That(hosts.Keys.Select(silo => silo.Endpoint.Address), Is.EquivalentTo([First, Second]));
        // The grain is in one of the silos and calls both.
        Assert.That(await management.GetRuntimeStatistics([.. hosts.Keys]), Has.Length.EqualTo(2));
        await client.StopAsync();
    }

    [Test]
    public void Client_without_TLS_is_refused()
    {
        using var client = Client(new ClusterTlsOptions());
        AssertRefused(client);
    }

    [Test]
    public void Client_of_another_authority_is_refused()
    {
        using var client = Client(Of(_others));
        AssertRefused(client);
    }

    [Test]
    public async Task Client_sends_nothing_to_a_silo_of_another_authority()
    {
        using var impostor = new TcpListener(Impostor, GatewayPort);
        impostor.Start();
        using var certificate = _others.Certify("CN=impostor", TestAuthority.ForBoth);
        var received = ServeOnceAsync(impostor, certificate);
        using var client = Client(Of(_authority), Impostor);
        AssertRefused(client);
        Assert.That(await received, Is.Zero);
    }

    [TestCase(SiloPort)]
    [TestCase(GatewayPort)]
    public async Task Peer_without_a_certificate_of_the_authority_is_disconnected(int port)
    {
        using var stranger = _others.Certify("CN=stranger", TestAuthority.ForBoth);
        using var server = _authority.Certify("CN=server only", TestAuthority.ForServers);
        using var expired = _authority.Certify("CN=expired", TestAuthority.ForBoth, until: TestAuthority.Year(2020));
        using var selfSigned = TestAuthority.SelfSigned("CN=self-signed");
        foreach (var certificate in new[] { null, stranger, server, expired, selfSigned })
            await AssertDisconnectedAsync(port, certificate);
    }

    [TestCase(SiloPort)]
    [TestCase(GatewayPort)]
    public async Task Silo_presents_a_certificate_of_the_authority(int port)
    {
        using var own = _authority.Certify("CN=silo", TestAuthority.ForBoth);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(_authority.AuthorityFile);
        using var socket = new TcpClient();
        await socket.ConnectAsync(First, port);
        await using var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(Hello(own));
        Assert.That(stream.SslProtocol, Is.EqualTo(SslProtocols.Tls13));
        using var presented = new X509Certificate2(stream.RemoteCertificate!);
        Assert.That(new ClusterCertificates(authorities).FlawOf(presented, ClusterCertificates.ServerAuthentication), Is.Null);
    }

    private static void AssertRefused(IHost client)
    {
        using var limit = new CancellationTokenSource(Limit);
        Assert.CatchAsync(() => client.StartAsync(limit.Token));
        Assert.That(limit.IsCancellationRequested, Is.False, "the client still waited");
    }

    /// <summary>
    /// Accepts one connection with any client certificate, and returns the number of bytes that the client sends over it.
    /// </summary>
    private static async Task<int> ServeOnceAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var socket = await listener.AcceptTcpClientAsync(limit.Token);
        await using var stream = new SslStream(socket.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
                },
                limit.Token);
            return await stream.ReadAsync(new byte[1], limit.Token);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return 0;
        }
    }

    private static async Task AssertDisconnectedAsync(int port, X509Certificate2? certificate)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var socket = new TcpClient();
        await socket.ConnectAsync(First, port);
        await using var stream = new SslStream(socket.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(Hello(certificate), limit.Token);
            // In TLS 1.3 the client's handshake ends before the server has seen the certificate. A silo that accepts it waits for more.
            Assert.That(await stream.ReadAsync(new byte[1], limit.Token), Is.Zero, certificate?.Subject);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // The silo closed the connection.
        }
    }

    private static SslClientAuthenticationOptions Hello(X509Certificate2? certificate) => new()
    {
        TargetHost = "any",
        ClientCertificates = certificate is null ? null : [certificate],
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
    };

    private static async Task<IHost> StartSiloAsync(IPAddress address, ClusterTlsOptions options)
    {
        var host = Build(options, builder => builder.UseOrleans(silo =>
        {
            silo.UseDevelopmentClustering(new IPEndPoint(First, SiloPort));
            silo.ConfigureEndpoints(address, SiloPort, GatewayPort);
            ClusterTls.UseForSilo(silo.Services);
        }));
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await host.StartAsync(limit.Token);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    private static IHost Client(ClusterTlsOptions options, params IPAddress[] silos) => Build(options, builder => builder.UseOrleansClient(
        client =>
        {
            silos = silos.Length > 0 ? silos : [First, Second];
            client.UseStaticClustering([.. silos.Select(silo => new IPEndPoint(silo, GatewayPort))]);
            client.UseConnectionRetryFilter<NoRetry>();
            ClusterTls.UseForClient(client.Services);
        }));

    /// <summary>Builds a process with these options, as the configuration would give them to it.</summary>
    private static IHost Build(ClusterTlsOptions options, Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{ClusterTlsOptions.Section}:{nameof(options.Certificate)}"] = options.Certificate,
            [$"{ClusterTlsOptions.Section}:{nameof(options.Key)}"] = options.Key,
            [$"{ClusterTlsOptions.Section}:{nameof(options.Authority)}"] = options.Authority,
        });
        builder.Services.AddHypeOptions<ClusterTlsOptions, ClusterTlsOptionsValidator>(ClusterTlsOptions.Section);
        builder.Services.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
        {
            cluster.ClusterId = "tls";
            cluster.ServiceId = "tls";
        });
        configure(builder);
        return builder.Build();
    }

    private static ClusterTlsOptions Of(TestAuthority authority)
    {
        var (certificate, key) = authority.CertifyToFiles("CN=silo", TestAuthority.ForBoth);
        return new ClusterTlsOptions { Certificate = certificate, Key = key, Authority = authority.AuthorityFile };
    }

    /// <summary>Lets the first refused connection end the start, which Orleans would repeat without an end.</summary>
    private sealed class NoRetry : IClientConnectionRetryFilter
    {
        public Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
