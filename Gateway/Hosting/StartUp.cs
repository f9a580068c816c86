using System.Net;
using Hype.Gateway.Auth;
using Hype.MediaNode.Hosting;
using Hype.Silo.Clustering;
using Hype.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Hosting;

internal static class StartUp
{
    public const int InvalidConfiguration = 1;
    public const int CannotListen = 2;

    /// <summary>
    /// Runs until the process is told to stop. Configuration errors and ports that are taken are all listed, without a stack
    /// trace, before anything is started. Returns the exit code.
    /// </summary>
    public static async Task<int> RunOrExplainAsync(this WebApplication app, TextWriter errors)
    {
        var wrong = ConfigurationErrors(app.Services);
        if (wrong.Count > 0)
        {
            await errors.WriteLineAsync($"The configuration has {wrong.Count} {(wrong.Count == 1 ? "error" : "errors")}; nothing was started:");
            foreach (var error in wrong)
                await errors.WriteLineAsync($"  {error}");
            return InvalidConfiguration;
        }

        var taken = Ports(app.Services).Errors;
        if (taken.Count > 0)
        {
            await errors.WriteLineAsync("The gateway cannot listen; nothing was started:");
            foreach (var error in taken)
                await errors.WriteLineAsync($"  {error}");
            return CannotListen;
        }

        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            // Taken since.
            await errors.WriteLineAsync($"{exception.Message} Stop the other process, or set another Hype:Gateway:Url, MetricsUrl or GrpcUrl.");
            return CannotListen;
        }
    }

    private static PortCheck Ports(IServiceProvider services)
    {
        var gateway = services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        var ports = new PortCheck()
            .Web($"{GatewayOptions.Section}:{nameof(gateway.Url)}", gateway.Url)
            .Web($"{GatewayOptions.Section}:{nameof(gateway.GrpcUrl)}", gateway.GrpcUrl);
        if (gateway.MetricsUrl is { Length: > 0 } metrics)
            ports.Web($"{GatewayOptions.Section}:{nameof(gateway.MetricsUrl)}", metrics);
        if (services.GetRequiredService<IOptions<TlsOptions>>().Value.Url is { Length: > 0 } tls)
            ports.Web($"{TlsOptions.Section}:{nameof(TlsOptions.Url)}", tls);
        if (!ClusterOptions.IsEmbedded(services.GetRequiredService<IOptions<ClusterOptions>>().Value.Provider))
            return ports;

        var silo = services.GetRequiredService<IOptions<SiloOptions>>().Value;
        var node = services.GetRequiredService<IOptions<MediaNodeOptions>>().Value;
        return ports
            .Tcp($"{SiloOptions.Section}:{nameof(silo.SiloPort)}", IPAddress.Loopback, silo.SiloPort)
            .Tcp($"{SiloOptions.Section}:{nameof(silo.GatewayPort)}", IPAddress.Loopback, silo.GatewayPort)
            .Udp($"{MediaNodeOptions.Section}:{nameof(node.UdpPort)}", node.UdpPort, node.CountWorkers());
    }

    private static List<string> ConfigurationErrors(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            return [.. exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        }
        catch (InvalidOperationException exception)
        {
            // The binder's word for a value of the wrong kind, from options that are not ours.
            return [exception.Message];
        }
    }
}
