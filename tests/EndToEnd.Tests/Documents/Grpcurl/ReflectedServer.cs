using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using Hype.Testing.NetworkNamespaces;

namespace Hype.EndToEnd.Tests.Documents.Grpcurl;

/// <summary>
/// A substitute for grpcurl on machines without it: it learns a server's services by gRPC reflection, and calls them with messages made
/// from JSON. Like grpcurl, it uses no compiled contract of the project.
/// </summary>
internal sealed class ReflectedServer : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly CallOptions _options;

    public ReflectedServer(NetworkNamespace network, GrpcurlCommand command, string folder)
    {
        var address = new Uri($"{(command.IsPlaintext ? "http" : "https")}://{command.Address}");
        var handler = network.CreateHttpHandler();
        if (command.Files.TryGetValue("cacert", out var authority))
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, authority)) },
            };
        }

        if (command.Files.TryGetValue("cert", out var certificate))
            handler.SslOptions.ClientCertificates =
                [X509Certificate2.CreateFromPemFile(Path.Combine(folder, certificate), Path.Combine(folder, command.Files["key"]))];
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        var headers = new Metadata();
        foreach (var (name, value) in command.Headers)
            headers.Add(name, value);
        _options = new CallOptions(headers, DateTime.UtcNow.AddSeconds(30));
    }

    public async Task<string[]> ListAsync() =>
        [.. (await AskAsync(new ServerReflectionRequest { ListServices = "" }))
            .ListServicesResponse.Service.Select(service => service.Name)];

    /// <summary>Returns the full names of a service's methods, or of a message's fields.</summary>
    public async Task<string[]> DescribeAsync(string symbol)
    {
        var files = await FilesAsync(symbol);
        return files.SelectMany(file => file.Services).FirstOrDefault(service => service.FullName == symbol) is { } service
            ? [.. service.Methods.Select(method => method.FullName)]
            : [.. files.SelectMany(file => file.MessageTypes).Single(message => message.FullName == symbol).Fields.InDeclarationOrder()
                .Select(field => field.FullName)];
    }

    /// <summary>Calls a method, and returns its answer; for a streaming method, the first message of the stream.</summary>
    /// <param name="name">The method, as <c>package.Service/Method</c>.</param>
    /// <param name="data">The request message as JSON.</param>
    /// <exception cref="RpcException">The server refused the call.</exception>
    public async Task<JsonNode> CallAsync(string name, string data)
    {
        var (service, methodName) = name.Split('/') is [var left, var right] ? (left, right)
            : throw new FormatException($"{name} is no Service/Method.");
        var method = (await FilesAsync(service)).SelectMany(file => file.Services).Single(found => found.FullName == service)
            .FindMethodByName(methodName)
            ?? throw new FormatException($"{service} has no method {methodName}.");
        using var json = JsonDocument.Parse(data);
        var request = DynamicMessage.Write(json.RootElement, method.InputType);
        var bytes = Marshallers.Create<byte[]>(message => message, message => message);
        var type = method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var call = new Method<byte[], byte[]>(type, service, methodName, bytes, bytes);
        if (!method.IsServerStreaming)
            return DynamicMessage.Read(
                await _channel.CreateCallInvoker().AsyncUnaryCall(call, null, _options, request), method.OutputType);
        using var stream = _channel.CreateCallInvoker().AsyncServerStreamingCall(call, null, _options, request);
        return await stream.ResponseStream.MoveNext(CancellationToken.None)
            ? DynamicMessage.Read(stream.ResponseStream.Current, method.OutputType)
            : throw new FormatException($"{name} ended without a message.");
    }

    public void Dispose() => _channel.Dispose();

    private async Task<IReadOnlyList<FileDescriptor>> FilesAsync(string symbol)
    {
        var found = (await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol }))
            .FileDescriptorResponse.FileDescriptorProto;
        var files = found.Select(bytes => (Bytes: bytes, Proto: FileDescriptorProto.Parser.ParseFrom(bytes)))
            .ToDictionary(file => file.Proto.Name);
        // Imported files come first.
        var ordered = new List<ByteString>();
        foreach (var name in files.Keys.ToArray())
            Take(name);
        return FileDescriptor.BuildFromByteStrings(ordered);

        void Take(string name)
        {
            if (!files.Remove(name, out var file))
                return;
            foreach (var dependency in file.Proto.Dependency)
                Take(dependency);
            ordered.Add(file.Bytes);
        }
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        using var call = new ServerReflection.ServerReflectionClient(_channel).ServerReflectionInfo(_options);
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        if (!await call.ResponseStream.MoveNext(CancellationToken.None))
            throw new FormatException("The server does not answer reflection.");
        return call.ResponseStream.Current.ErrorResponse is { } error
            ? throw new RpcException(new Status((StatusCode)error.ErrorCode, error.ErrorMessage)) : call.ResponseStream.Current;
    }
}
