using Hype.Gateway.Configuration;
using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.NodeRegistry;

/// <summary>The registration of media nodes; bound from <c>Hype:NodeRegistry</c>.</summary>
public sealed record NodeRegistryOptions
{
    public const string Section = "Hype:NodeRegistry";

    /// <summary>The default join secret. It is public, so a gateway outside Development refuses to start with it.</summary>
    public const string DevelopmentSecret = "hype-development-join-secret";

    /// <summary>
    /// The secret that a node needs to register, 16–256 characters. Default: public; outside Development one must be set.
    /// </summary>
    public string JoinSecret { get; init; } = DevelopmentSecret;

    /// <summary>
    /// True: a node must register with its own credential, which is derived from the join secret and its id; the join secret itself is
    /// refused. With false, a node may use either. Default false.
    /// </summary>
    public bool RequireNodeCredential { get; init; }

    /// <summary>
    /// The networks of the media nodes' control ports, as addresses or networks (<c>10.0.3.0/24</c>): a node whose control URL is not an
    /// IP address in one of them is refused, so that a node cannot make silos connect elsewhere. Without an entry, any URL is accepted.
    /// Default: none.
    /// </summary>
    public string[] ControlNetworks { get; init; } = [];

    /// <summary>The interval of a node's heartbeats. Default 250 ms, range 50 ms–10 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns the interval as text, without the secret.</summary>
    public override string ToString() => $"NodeRegistryOptions {{ {HeartbeatInterval} }}";
}

internal sealed class NodeRegistryOptionsValidator(IHostEnvironment environment) : IValidateOptions<NodeRegistryOptions>
{
    public ValidateOptionsResult Validate(string? name, NodeRegistryOptions options)
    {
        var checks = new OptionChecks(NodeRegistryOptions.Section);
        checks.Require(options.JoinSecret is { Length: >= 16 and <= 256 }, nameof(options.JoinSecret), "must have 16-256 characters.");
        checks.Require(
            environment.IsDevelopment() || options.JoinSecret != NodeRegistryOptions.DevelopmentSecret, nameof(options.JoinSecret),
            "is the public default, which only Development may use: set your own.");
        foreach (var network in options.ControlNetworks)
            checks.Require(
                ProxyNetwork.TryParse(network, out _), nameof(options.ControlNetworks),
                $"has the entry '{network}', which is not an IP address or network such as 10.0.3.0/24.");
        checks.Range(
            nameof(options.HeartbeatInterval), options.HeartbeatInterval, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10));
        return checks.Result();
    }
}
